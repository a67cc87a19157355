using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Recipes.Engine.Sandboxes.Seccomp;

/// <summary>Rules as a seccomp profile of Docker's, for <c>--security-opt seccomp=…</c>.</summary>
/// <remarks>
/// See <see href="https://docs.docker.com/engine/security/seccomp/"/> and the OCI runtime specification, "Seccomp".
/// </remarks>
internal static class DockerProfile
{
    /// <summary>Writes the profile; all other calls are allowed.</summary>
    public static string Of(ImmutableArray<SyscallRule> rules)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("defaultAction", "SCMP_ACT_ALLOW");
            json.WriteStartArray("architectures");
            json.WriteStringValue("SCMP_ARCH_X86_64");
            json.WriteEndArray();
            json.WriteStartArray("syscalls");
            foreach (var rule in rules)
            {
                if (rule.When.IsEmpty)
                    Write(json, rule, null);
                foreach (var test in rule.When)
                    Write(json, rule, test);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, SyscallRule rule, ArgumentTest? test)
    {
        json.WriteStartObject();
        json.WriteStartArray("names");
        json.WriteStringValue(rule.Name);
        json.WriteEndArray();
        json.WriteString("action", "SCMP_ACT_ERRNO");
        json.WriteNumber("errnoRet", rule.Error);
        if (test is not null)
        {
            json.WriteStartArray("args");
            json.WriteStartObject();
            json.WriteNumber("index", test.Index);
            json.WriteNumber("value", test.IsAbove ? test.Value : test.Mask);
            json.WriteNumber("valueTwo", test.IsAbove ? 0 : test.Value);
            json.WriteString("op", test.IsAbove ? "SCMP_CMP_GT" : "SCMP_CMP_MASKED_EQ");
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
