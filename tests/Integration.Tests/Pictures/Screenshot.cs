using System.Buffers.Binary;
using System.IO.Compression;
using Xunit;

namespace Recipes.Integration.Tests.Pictures;

/// <summary>
/// The pixels of a PNG file of 8 bits a channel, with or without transparency (PNG specification, chapters 5 to 9).
/// </summary>
internal sealed class Screenshot(int width, int height, int channels, byte[] pixels)
{
    public int Width => width;

    public int Height => height;

    /// <summary><c>#rrggbb</c>.</summary>
    public string At(int x, int y) => "#" + Convert.ToHexStringLower(pixels.AsSpan(((y * width) + x) * channels, 3));

    /// <summary>How many pixels have each colour.</summary>
    public Dictionary<string, int> Colours() =>
        Enumerable
            .Range(0, width * height)
            .GroupBy(x => At(x % width, x / width))
            .ToDictionary(x => x.Key, x => x.Count());

    public static Screenshot Read(string file)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        using var data = new MemoryStream();
        var (width, height, channels) = (0, 0, 0);
        for (var at = 8; at < bytes.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            var content = bytes.Slice(at + 8, length);
            if (bytes.Slice(at + 4, 4).SequenceEqual("IHDR"u8))
            {
                (width, height) = (
                    BinaryPrimitives.ReadInt32BigEndian(content),
                    BinaryPrimitives.ReadInt32BigEndian(content[4..])
                );
                Assert.Equal((8, 0), (content[8], content[12]));
                channels = content[9] == 6 ? 4 : 3;
            }
            else if (bytes.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
                data.Write(content);
            at += length + 12;
        }
        data.Position = 0;
        using var inflated = new MemoryStream();
        using (var stream = new ZLibStream(data, CompressionMode.Decompress))
            stream.CopyTo(inflated);
        return new(width, height, channels, Unfilter(inflated.ToArray(), width * channels, height, channels));
    }

    private static byte[] Unfilter(byte[] lines, int stride, int height, int channels)
    {
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var filter = lines[y * (stride + 1)];
            for (var x = 0; x < stride; x++)
            {
                var left = x < channels ? 0 : pixels[(y * stride) + x - channels];
                var above = y == 0 ? 0 : pixels[((y - 1) * stride) + x];
                var corner = x < channels || y == 0 ? 0 : pixels[((y - 1) * stride) + x - channels];
                var predicted = filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    _ => Paeth(left, above, corner),
                };
                pixels[(y * stride) + x] = (byte)(lines[(y * (stride + 1)) + 1 + x] + predicted);
            }
        }
        return pixels;
    }

    private static int Paeth(int left, int above, int corner)
    {
        var estimate = left + above - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left
            : b <= c ? above
            : corner;
    }
}
