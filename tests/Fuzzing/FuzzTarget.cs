using System.Text.Json;
using Recipes.Engine;

namespace Recipes.Fuzzing;

/// <summary>A reader of what strangers write.</summary>
internal abstract class FuzzTarget
{
    /// <summary>As the command line names it.</summary>
    public abstract string Name { get; }

    /// <summary>Good inputs, from which others are made.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Pieces that mean something in this format.</summary>
    public virtual IReadOnlyList<byte[]> Words => [];

    /// <summary>Reads an input; it may fail in the ways that <see cref="IsRefusal"/> knows.</summary>
    public abstract void Read(byte[] input);

    /// <summary>Makes an input that is damaged at one place whole again at others, as checksums are.</summary>
    public virtual void Repair(byte[] input) { }

    /// <summary>True for the ways in which the reader says that an input is not what it should be.</summary>
    public virtual bool IsRefusal(Exception e) => e is EngineException or FormatException or JsonException;
}
