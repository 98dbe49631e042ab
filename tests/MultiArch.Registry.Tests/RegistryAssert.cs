using MultiArch.Oci;

namespace MultiArch.Registry.Tests;

internal static class RegistryAssert
{
    /// <summary>Fails with a code, in one line that holds each of the parts.</summary>
    public static async Task<MultiArchException> FailsAsync(Func<Task> action, string code, params IEnumerable<string> parts)
    {
        var exception = await Assert.ThrowsAsync<MultiArchException>(action);
        Assert.AreEqual(code, exception.Code, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
        foreach (var part in parts)
        {
            StringAssert.Contains(exception.Message, part);
        }

        return exception;
    }
}
