namespace Recipes.Engine.Pictures;

/// <summary>A place in a picture, in pixels; y grows downwards.</summary>
internal readonly record struct Rectangle(double X, double Y, double Width, double Height)
{
    public double Area => Width * Height;

    /// <summary>Smaller by so much at each side; never less than nothing.</summary>
    public Rectangle Inset(double by) =>
        new(X + by, Y + by, Math.Max(0, Width - (2 * by)), Math.Max(0, Height - (2 * by)));
}
