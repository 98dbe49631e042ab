using System.Text.Json.Nodes;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Tests.Formats;

/// <summary>The examples of image-spec v1.1.1: all that they say is read, and written again.</summary>
[TestClass]
public sealed class SpecificationExampleTests
{
    // https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#example-image-index
    private const string Index = """
        {
          "schemaVersion": 2,
          "mediaType": "application/vnd.oci.image.index.v1+json",
          "manifests": [
            {
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "size": 7143,
              "digest": "sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f",
              "platform": {
                "architecture": "ppc64le",
                "os": "linux"
              }
            },
            {
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "size": 7682,
              "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
              "platform": {
                "architecture": "amd64",
                "os": "linux"
              }
            }
          ],
          "annotations": {
            "com.example.key1": "value1",
            "com.example.key2": "value2"
          }
        }
        """;

    // https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#example-image-manifest
    private const string Manifest = """
        {
          "schemaVersion": 2,
          "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
            "size": 7023
          },
          "layers": [
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
              "size": 32654
            },
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:3c3a4604a545cdc127456d94e421cd355bca5b528f4a9c1905b15da2eb4a4c6b",
              "size": 16724
            },
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:ec4b8955958665577945c89419d1af06b5f7636b4ac3da7f12184802ad867736",
              "size": 73109
            }
          ],
          "annotations": {
            "com.example.key1": "value1",
            "com.example.key2": "value2"
          }
        }
        """;

    // https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#example
    private const string Config = """
        {
            "created": "2015-10-31T22:22:56.015925234Z",
            "author": "Alyssa P. Hacker <alyspdev@example.com>",
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "User": "alice",
                "ExposedPorts": {
                    "8080/tcp": {}
                },
                "Env": [
                    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "FOO=oci_is_a",
                    "BAR=well_written_spec"
                ],
                "Entrypoint": [
                    "/bin/my-app-binary"
                ],
                "Cmd": [
                    "--foreground",
                    "--config",
                    "/etc/my-app.d/default.cfg"
                ],
                "Volumes": {
                    "/var/job-result-data": {},
                    "/var/log/my-app-logs": {}
                },
                "WorkingDir": "/home/alice",
                "Labels": {
                    "com.example.project.git.url": "https://example.com/project.git",
                    "com.example.project.git.commit": "45a939b2999782a3f005621a8d0f29aa387e1d6b"
                }
            },
            "rootfs": {
              "diff_ids": [
                "sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1",
                "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
              ],
              "type": "layers"
            },
            "history": [
              {
                "created": "2015-10-31T22:22:54.690851953Z",
                "created_by": "/bin/sh -c #(nop) ADD file:a3bc1e842b69636f9df5256c49c5374fb4eef1e281fe3f282c65fb853ee171c5 in /"
              },
              {
                "created": "2015-10-31T22:22:55.613815829Z",
                "created_by": "/bin/sh -c #(nop) CMD [\"sh\"]",
                "empty_layer": true
              },
              {
                "created": "2015-10-31T22:22:56.329850019Z",
                "created_by": "/bin/sh -c apk add curl"
              }
            ]
        }
        """;

    [TestMethod]
    public void The_index_is_read_and_written_again()
    {
        var index = ImageIndex.Parse(Json.Bytes(Index));

        AssertSame(Index, index.ToDocument());
        Assert.AreEqual("linux/ppc64le", index.Manifests[0].Platform!.ToString());
        Assert.AreEqual(7682, index.Manifests[1].Size);
        Assert.AreEqual("value2", index.Annotations!["com.example.key2"]);
    }

    [TestMethod]
    public void The_manifest_is_read_and_written_again()
    {
        var manifest = ImageManifest.Parse(Json.Bytes(Manifest));

        AssertSame(Manifest, manifest.ToDocument());
        Assert.AreEqual("sha256:ec4b8955958665577945c89419d1af06b5f7636b4ac3da7f12184802ad867736", manifest.Layers[2].Digest.ToString());
        Assert.AreEqual(7023, manifest.Config.Size);
    }

    [TestMethod]
    public void The_config_is_read_and_written_again()
    {
        var config = ImageConfig.Parse(Json.Bytes(Config));

        AssertSame(Config, config.ToDocument(ImageFormat.Oci));
        Assert.AreEqual(Platform.LinuxAmd64, config.Platform);
        Assert.AreEqual("alice", config.Config!.User);
        Assert.IsTrue(config.History![1].EmptyLayer);
    }

    private static void AssertSame(string expected, Document actual) =>
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.Bytes.Span)), Json.Text(actual));
}
