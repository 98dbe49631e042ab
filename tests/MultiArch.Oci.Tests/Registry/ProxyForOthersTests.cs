using System.Net;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry;

[TestClass]
public sealed class ProxyForOthersTests
{
    private readonly ProxyForOthers _proxy = new(new WebProxy("http://proxy.example:3128"));

    [TestMethod]
    [DataRow("http://localhost:5000/v2/")]
    [DataRow("http://127.0.0.1:5000/v2/")]
    [DataRow("http://[::1]:5000/v2/")]
    public void This_machine_is_reached_without_the_proxy(string uri)
    {
        Assert.IsTrue(_proxy.IsBypassed(new Uri(uri)));
        Assert.IsNull(_proxy.GetProxy(new Uri(uri)));
    }

    [TestMethod]
    public void Every_other_host_is_reached_through_the_proxy()
    {
        Assert.IsFalse(_proxy.IsBypassed(new Uri("https://ghcr.io/v2/")));
        Assert.AreEqual(new Uri("http://proxy.example:3128"), _proxy.GetProxy(new Uri("https://ghcr.io/v2/")));
    }
}
