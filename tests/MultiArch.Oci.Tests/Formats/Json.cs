using System.Text;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Tests.Formats;

internal static class Json
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(Document document) => Encoding.UTF8.GetString(document.Bytes.Span);
}
