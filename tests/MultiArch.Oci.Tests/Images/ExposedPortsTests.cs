using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class ExposedPortsTests
{
    [TestMethod]
    [DataRow("http://+:8080", "8080/tcp")]
    [DataRow("http://*:80;https://[::]:443", "80/tcp 443/tcp")]
    [DataRow("http://localhost:5000 ; https://localhost:5001;", "5000/tcp 5001/tcp")]
    [DataRow("http://0.0.0.0:8080,http://127.0.0.1:8081", "8080/tcp 8081/tcp")]
    [DataRow("http://+", "80/tcp")]
    [DataRow("https://+", "443/tcp")]
    [DataRow("HTTP://+:81/path/base", "81/tcp")]
    [DataRow("http://[2001:db8::1]:82", "82/tcp")]
    [DataRow("http://host.example:65535", "65535/tcp")]
    [DataRow("http://+:65536", "")]
    [DataRow("http://+:-1", "")]
    [DataRow("http://+:x", "")]
    [DataRow("http://+:0", "")]
    [DataRow("http://unix:/run/kestrel.sock", "")]
    [DataRow("http://unix:/run/kestrel.sock;http://+:80", "80/tcp")]
    [DataRow("http://pipe:/name", "")]
    [DataRow("junk", "")]
    [DataRow("8080", "")]
    [DataRow("/var/run/socket", "")]
    [DataRow("file:///etc/passwd", "")]
    [DataRow("mailto:a@example.com", "")]
    [DataRow("unknown://host", "")]
    [DataRow(";;,", "")]
    [DataRow("http://", "")]
    public void Ports_are_read_from_the_URLs(string urls, string ports) => Assert.AreEqual(ports, Of(("ASPNETCORE_URLS", urls)));

    [TestMethod]
    [DataRow("8080", "8080/tcp")]
    [DataRow("8080;8081", "8080/tcp 8081/tcp")]
    [DataRow(" 80 , 81 ", "80/tcp 81/tcp")]
    [DataRow("0;65536;-1;x;1.5;;80", "80/tcp")]
    [DataRow("99999999999999999999", "")]
    [DataRow("", "")]
    public void Ports_are_read_from_the_list_of_ports(string list, string ports)
    {
        Assert.AreEqual(ports, Of(("ASPNETCORE_HTTP_PORTS", list)));
        Assert.AreEqual(ports, Of(("ASPNETCORE_HTTPS_PORTS", list)));
    }

    [TestMethod]
    public void Both_lists_of_ports_are_read() =>
        Assert.AreEqual("8080/tcp 8443/tcp", Of(("ASPNETCORE_HTTPS_PORTS", "8443"), ("ASPNETCORE_HTTP_PORTS", "8080")));

    [TestMethod]
    public void The_URLs_win_over_the_ports() =>
        Assert.AreEqual("5000/tcp", Of(("ASPNETCORE_HTTP_PORTS", "8080"), ("ASPNETCORE_URLS", "http://+:5000"), ("ASPNETCORE_HTTPS_PORTS", "8443")));

    [TestMethod]
    public void Empty_URLs_leave_the_word_to_the_ports_as_in_ASP_NET_Core() =>
        Assert.AreEqual("8080/tcp", Of(("ASPNETCORE_HTTP_PORTS", "8080"), ("ASPNETCORE_URLS", "")));

    [TestMethod]
    public void Other_variables_say_nothing() => Assert.AreEqual("", Of(("PORT", "80"), ("aspnetcore_urls", "http://+:80"), ("URLS", "http://+:80")));

    private static string Of(params (string Name, string Value)[] variables) =>
        string.Join(' ', ExposedPorts.FromEnvironment(variables.ToDictionary(variable => variable.Name, variable => variable.Value)));
}
