"""What an image reference means, and what containerd says of one that means nothing."""

import pytest

from workloads.images import Image, Missing, find, nearest

UNPULLED = 'failed to pull and unpack image "{0}": failed to resolve reference "{0}": '
DENIED = (
    "pull access denied, repository does not exist or may require authorization: "
    "server message: insufficient_scope: authorization failed"
)
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("docker.io/nginx:1.27", "docker.io/library/nginx:1.27"),
        ("docker.io/library/nginx", "docker.io/library/nginx:latest"),
        ("library/nginx:1.27", "docker.io/library/nginx:1.27"),
        (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}"),
        (f"nginx:1.27@{DIGEST}", f"docker.io/library/nginx:1.27@{DIGEST}"),
        ("acme/shop:1", "docker.io/acme/shop:1"),
        ("quay.io/acme/shop", "quay.io/acme/shop:latest"),
        ("localhost:5000/shop:2", "localhost:5000/shop:2"),
        ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"),
        ("k8s.gcr.io/e2e-test-images/agnhost:2.40", "k8s.gcr.io/e2e-test-images/agnhost:2.40"),
        ("gcr.io/google-samples/hello-app:2.0", "gcr.io/google-samples/hello-app:2.0"),
        ("hashicorp/http-echo", "docker.io/hashicorp/http-echo:latest"),
        ("nginxinc/nginx-unprivileged:1.27", "docker.io/nginxinc/nginx-unprivileged:1.27"),
    ],
)
def test_a_reference_is_normalised_as_containerd_does(reference: str, name: str) -> None:
    image = find(reference)

    assert isinstance(image, Image)
    assert image.name == name


@pytest.mark.parametrize("written", ["ngnix", "library/ngnix", "docker.io/ngnix", "docker.io/library/ngnix"])
def test_an_unknown_name_without_an_owner_is_denied(written: str) -> None:
    assert find(written) == Missing(UNPULLED.format("docker.io/library/ngnix:latest") + DENIED)


def test_a_known_image_with_an_unknown_tag_is_not_found() -> None:
    name = "docker.io/library/nginx:1.161"

    assert find("nginx:1.161") == Missing(f"{UNPULLED.format(name)}{name}: not found")


def test_the_imageid_is_the_repository_with_the_digest() -> None:
    tagged, digested = find("nginx:1.27"), find(f"nginx@{DIGEST}")
    assert isinstance(tagged, Image)
    assert isinstance(digested, Image)

    assert tagged.id == f"docker.io/library/nginx@{tagged.digest}"
    assert digested.id == f"docker.io/library/nginx@{DIGEST}"
    assert len(tagged.digest) == len(DIGEST)


def test_the_control_planes_images_are_there() -> None:
    names = ("kube-apiserver:v1.34.0", "kube-scheduler:v1.34.0", "kube-controller-manager:v1.34.0", "etcd:3.6.4-0")

    assert all(isinstance(find(f"registry.k8s.io/{name}"), Image) for name in names)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ngnix", "nginx:latest"),
        ("redis:latst", "redis:latest"),
        ("busybx:1.36", "busybox:1.36"),
        ("qqqq", ""),
        ("nginx:1.27", None),
    ],
)
def test_what_cannot_be_pulled_has_a_nearest_that_exists(written: str, meant: str | None) -> None:
    assert nearest(written) == meant
    assert not meant or isinstance(find(meant), Image)
