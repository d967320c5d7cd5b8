"""Where a shell's script comes from: -c, a file, or stdin."""

from workloads.runtime.shell.interpreter import Shell

OPTIONS = "aefimnuxvsl"


def load_script(shell: Shell) -> bool:
    """Reads the arguments once; False while the script is still coming in through stdin."""
    p = shell.p
    words, is_command = list(p["loading"]), False
    while words and words[0][:1] in "-+" and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word == "-o" or word == "+o":
            words = words[1:]
            continue
        is_command = is_command or "c" in word[1:]
        unknown = [letter for letter in word[1:] if letter not in OPTIONS + "c"]
        if unknown and not word.startswith("--"):
            shell.die(f"illegal option -{unknown[0]}")
        p["options"] += "".join(letter for letter in word[1:] if letter in "eux") if word[1] != "-" else ""
    text = _text(shell, words, is_command)
    if text is None:
        return False
    p.update(loading=None, texts=[text], wait=None)
    return True


def _text(shell: Shell, words: list[str], is_command: bool) -> str | None:
    if is_command:
        if not words:
            shell.die("-c requires an argument")
        shell.p.update(name=words[1] if len(words) > 1 else shell.p["name"], args=words[2:])
        return words[0]
    if words:
        return _file(shell, words)
    return _stdin(shell)


def _file(shell: Shell, words: list[str]) -> str:
    text = shell.machine.files.read(shell.path(words[0]))
    if text is None:
        shell.die(f"can't open '{words[0]}': No such file or directory", 2)
    shell.p.update(name=words[0], args=words[1:])
    return text or ""


def _stdin(shell: Shell) -> str | None:
    """The whole of it, before the first command runs."""
    so_far = shell.p.get("script", "")
    while chunk := shell.machine.read(shell.p, 0):
        so_far += chunk
    if chunk is None:
        shell.p.update(script=so_far, wait=["input", 0])
        return None
    shell.p.pop("script", None)
    return str(so_far)
