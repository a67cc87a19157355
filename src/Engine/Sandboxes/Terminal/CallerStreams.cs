using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Sandboxes.Terminal;

/// <summary>
/// This process's standard streams as they are: those of <see cref="Console"/> edit lines and set a terminal's modes.
/// </summary>
internal sealed class CallerStreams : IDisposable
{
    private readonly SafeFileHandle input = new(0, ownsHandle: false);
    private readonly SafeFileHandle output = new(1, ownsHandle: false);
    private readonly SafeFileHandle error = new(2, ownsHandle: false);

    /// <summary>Opens them.</summary>
    public CallerStreams()
    {
        Input = new(input, FileAccess.Read, 0);
        Output = new(output, FileAccess.Write, 0);
        Error = new(error, FileAccess.Write, 0);
    }

    /// <summary>Standard input.</summary>
    public FileStream Input { get; }

    /// <summary>Standard output.</summary>
    public FileStream Output { get; }

    /// <summary>Standard error.</summary>
    public FileStream Error { get; }

    /// <summary>Lets go of them; they stay open.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
        input.Dispose();
        output.Dispose();
        error.Dispose();
    }
}
