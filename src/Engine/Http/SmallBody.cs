using System.Text;

namespace Recipes.Engine.Http;

/// <summary>The first bytes of a body, whatever its head says of its length.</summary>
/// <param name="Bytes">As many as were wanted, at most.</param>
/// <param name="IsWhole">False if there was more, or the connection broke.</param>
internal sealed record SmallBody(byte[] Bytes, bool IsWhole)
{
    /// <summary>The text, whatever encoding the server calls it.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Reads a body that is kept in memory.</summary>
    /// <param name="response">Its body is not read yet.</param>
    /// <param name="most">Bytes, at most.</param>
    /// <param name="time">How long all of it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">It did not end in time; the message is a clause.</exception>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    public static async Task<SmallBody> ReadAsync(
        HttpResponseMessage response,
        int most,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 14];
            while (
                await body.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, most + 1 - bytes.Length)),
                    limit.Token
                )
                    is > 0
                        and var read
            )
            {
                bytes.Write(buffer.AsSpan(0, read));
                if (bytes.Length > most)
                    return new(bytes.ToArray()[..most], IsWhole: false);
            }
            return new(bytes.ToArray(), IsWhole: true);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.GetBaseException().Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the answer did not end within {RateGuard.Seconds(time)}", e);
        }
    }
}
