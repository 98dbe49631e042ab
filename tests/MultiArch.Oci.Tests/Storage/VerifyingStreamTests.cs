using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Formats;

namespace MultiArch.Oci.Tests.Storage;

[TestClass]
public sealed class VerifyingStreamTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("")]
    [DataRow("x")]
    [DataRow("Grüße")]
    public async Task The_right_bytes_pass_by_every_way_of_reading(string text)
    {
        var bytes = Json.Bytes(text);
        using var copy = new MemoryStream();
        await using (var stream = Open(text, text))
        {
            await stream.CopyToAsync(copy, TestContext.CancellationToken);
            Assert.AreEqual(0, stream.Read(new byte[1], 0, 1), "the end stays the end");
        }

        CollectionAssert.AreEqual(bytes, copy.ToArray());
        using var byByte = Open(text, text);
        CollectionAssert.AreEqual(bytes, bytes.Select(_ => (byte)byByte.ReadByte()).ToArray());
        Assert.AreEqual(-1, byByte.ReadByte());
        Assert.AreEqual(bytes.Length, byByte.Position);
        Assert.AreEqual(bytes.Length, byByte.Length);
    }

    [TestMethod]
    [DataRow("hello", "hell0", "other bytes")]
    [DataRow("hello", "hell", "ends after 4 of 5")]
    [DataRow("hello", "", "ends after 0 of 5")]
    [DataRow("hello", "hello!", "more than its 5")]
    [DataRow("", "x", "more than its 0")]
    public async Task Wrong_bytes_fail_before_the_end_and_are_named(string expected, string actual, string how)
    {
        await using var stream = Open(expected, actual);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => stream.CopyToAsync(Stream.Null, TestContext.CancellationToken));

        Assert.AreEqual("MARCH9999", error.Code);
        Assert.Contains(how, error.Message);
        Assert.Contains("the origin", error.Message);
        Assert.Contains(StoredImage.Blob(expected).Digest.ToString(), error.Message);
    }

    [TestMethod]
    [DataRow("hello", "hell0")]
    [DataRow("hello", "hell")]
    [DataRow("hello", "hello!")]
    public void After_a_failure_there_is_no_end_either(string expected, string actual)
    {
        using var stream = Open(expected, actual);
        Assert.ThrowsExactly<MultiArchException>(() => stream.CopyTo(Stream.Null));

        Assert.ThrowsExactly<MultiArchException>(() => stream.ReadByte());
    }

    [TestMethod]
    public void A_right_size_with_a_wrong_digest_of_nothing_fails()
    {
        using var stream = new VerifyingStream(new MemoryStream(), StoredImage.Blob("x") with { Size = 0 }, "the origin", "MARCH9999");

        Assert.ThrowsExactly<MultiArchException>(() => stream.ReadByte());
    }

    [TestMethod]
    public void Reading_into_no_room_is_not_the_end()
    {
        using var stream = Open("hello", "hello");

        Assert.AreEqual(0, stream.Read([], 0, 0));
        Assert.AreEqual((int)'h', stream.ReadByte());
    }

    [TestMethod]
    public void The_inner_stream_is_closed_with_it()
    {
        var inner = new MemoryStream();

        new VerifyingStream(inner, StoredImage.Blob(""), "", "").Dispose();

        Assert.IsFalse(inner.CanRead);
    }

    private static VerifyingStream Open(string expected, string actual) =>
        new(new MemoryStream(Json.Bytes(actual)), StoredImage.Blob(expected), "the origin", "MARCH9999");
}
