namespace Recipes.Engine.Workspaces.Keys;

/// <summary>Permission bits as three or four octal digits: <c>755</c>, <c>4755</c>.</summary>
internal static class FileModes
{
    public static bool TryParse(string text, out int mode)
    {
        mode = 0;
        if (text.Length is < 3 or > 4 || text.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0)
            return false;
        mode = Convert.ToInt32(text, fromBase: 8);
        return true;
    }
}
