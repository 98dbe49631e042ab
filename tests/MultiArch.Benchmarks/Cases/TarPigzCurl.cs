using MultiArch.Benchmarks.Measuring;

namespace MultiArch.Benchmarks.Cases;

/// <summary>The shortest script that makes the same: tar, pigz on all cores, and curl. One platform is sent while the next one is packed.</summary>
internal static class TarPigzCurl
{
    private const string Functions = """
        blob() { printf 'sha256:%s' "$(sha256sum < "$1" | cut -d ' ' -f 1)"; }

        # upload <repository's root> <file> <digest>
        upload() {
          local location
          location=$(curl -sSf -X POST -o /dev/null -w '%header{location}' "$1/blobs/uploads/")
          curl -sSf -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' -T "$2" "$location&digest=$3"
        }

        # get <root> <path>
        get() { curl -sSf -H 'Accept: application/vnd.oci.image.index.v1+json' -H 'Accept: application/vnd.oci.image.manifest.v1+json' "$1/$2"; }

        # put <root> <reference> <file> <kind>
        put() { curl -sSf -o /dev/null -X PUT -H "Content-Type: application/vnd.oci.image.$4.v1+json" --data-binary "@$3" "$1/manifests/$2"; }

        # pack <root> <base's root> <base's repository> <architecture> <folder>: leaves <architecture>.manifest
        pack() {
          local root=$1 base=$2 name=$3 architecture=$4 manifest layer
          manifest=$(jq -r --arg a "$architecture" '.manifests[] | select(.platform.architecture == $a) | .digest' index.base)
          get "$base" "manifests/$manifest" > "$architecture.base"
          get "$base" "blobs/$(jq -r .config.digest "$architecture.base")" > "$architecture.config.base"
          for layer in $(jq -r '.layers[].digest' "$architecture.base"); do
            curl -sSf -o /dev/null -X POST "$root/blobs/uploads/?mount=$layer&from=$name"
          done
          tar --sort=name --mtime=@315532801 --owner=0 --group=0 --numeric-owner -C "$5" -cf - app | tee >(sha256sum | cut -d ' ' -f 1 > "$architecture.diff") | pigz -6 -n > "$architecture.gz"
          send "$root" "$architecture" &
        }

        # send <root> <architecture>
        send() {
          local root=$1 architecture=$2 layer config
          layer=$(blob "$architecture.gz")
          upload "$root" "$architecture.gz" "$layer"
          while [[ ! -s $architecture.diff ]]; do sleep 0.01; done
          jq -c --arg d "sha256:$(cat "$architecture.diff")" '.config.Entrypoint = ["/app/app"] | .config.WorkingDir = "/app" | .rootfs.diff_ids += [$d] | .history += [{}]' "$architecture.config.base" > "$architecture.config"
          config=$(blob "$architecture.config")
          upload "$root" "$architecture.config" "$config"
          jq -c --arg l "$layer" --arg c "$config" --argjson ls "$(stat -c %s "$architecture.gz")" --argjson cs "$(stat -c %s "$architecture.config")" \
            '.config.digest = $c | .config.size = $cs | .layers += [{mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: $l, size: $ls}]' "$architecture.base" > "$architecture.manifest"
          put "$root" "$(blob "$architecture.manifest")" "$architecture.manifest" manifest
          jq -nc --arg a "$architecture" --arg d "$(blob "$architecture.manifest")" --argjson s "$(stat -c %s "$architecture.manifest")" \
            '{mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $d, size: $s, platform: {architecture: $a, os: "linux"}}' > "$architecture.entry"
        }

        """;

    public static MeasuredCommand Command(Run run, IReadOnlyDictionary<string, string> folders, IReadOnlyDictionary<string, string> architectures)
    {
        var root = $"http://{run.RegistryName}/v2/{run.Repository}";
        var baseRoot = $"http://{run.RegistryName}/v2/{Workspace.PlainBase}";
        var images = folders.Select(folder => $"pack '{root}' '{baseRoot}' '{Workspace.PlainBase}' {architectures[folder.Key]} '{folder.Value}'");
        return MeasuredCommand.Script(
            $$"""
            {{Functions}}
            get '{{baseRoot}}' manifests/latest > index.base
            {{string.Join('\n', images)}}
            for job in $(jobs -p); do wait "$job"; done
            jq -sc '{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: .}' {{string.Join(' ', folders.Select(folder => $"{architectures[folder.Key]}.entry"))}} > index
            put '{{root}}' latest index index
            """,
            run.Folder,
            new Dictionary<string, string?>());
    }
}
