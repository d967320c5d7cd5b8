/** Where the little browser has been. Pure: paths in, paths out. */

export class Past {
  /** @type {string[]} */ #paths = [];
  #at = -1;

  get now() {
    return this.#paths[this.#at] ?? "";
  }

  get canGoBack() {
    return this.#at > 0;
  }

  get canGoForward() {
    return this.#at < this.#paths.length - 1;
  }

  /** A page is there; what lay ahead of a new one is forgotten. @param {string} path @param {boolean} isNew */
  at(path, isNew) {
    if (!path || path === this.now) return;
    if (!isNew && this.#at >= 0) {
      this.#paths[this.#at] = path;
      return;
    }
    this.#paths = [...this.#paths.slice(0, this.#at + 1), path];
    this.#at = this.#paths.length - 1;
  }

  /** @returns {string} */
  back() {
    this.#at = Math.max(0, this.#at - 1);
    return this.now;
  }

  /** @returns {string} */
  forward() {
    this.#at = Math.min(this.#paths.length - 1, this.#at + 1);
    return this.now;
  }
}
