namespace MultiArch.Oci.Audit;

/// <summary>Who pulls an image.</summary>
public enum HostClient
{
    /// <summary>containerd, and so nerdctl, k3s and most Kubernetes nodes.</summary>
    Containerd,

    /// <summary>Docker Engine.</summary>
    Docker,

    /// <summary>podman, buildah, skopeo and CRI-O, by containers/image.</summary>
    Podman,
}
