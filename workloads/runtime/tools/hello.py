"""The program of the image hello-world."""

from workloads.runtime.tool import Call

TEXT = """
Hello from Docker!
This message shows that your installation appears to be working correctly.

The image was pulled, a container was made of it, and this program ran in it. That was all it does.

For more examples and ideas, visit:
 https://kubernetes.io/docs/tutorials/

"""


def hello(call: Call) -> int:
    call.out(TEXT)
    return 0
