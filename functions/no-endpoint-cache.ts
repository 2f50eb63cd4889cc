/**
 * Stands in the bundles for the SDK's cache of discovered endpoints: discovery is off unless an environment asks for it, which ours
 * does not, and the cache brings an LRU library with it.
 */
export class EndpointCache {
  getEndpoint(): undefined {
    return undefined;
  }
  get(): undefined {
    return undefined;
  }
  set(): void {}
  delete(): void {}
  has(): boolean {
    return false;
  }
  clear(): void {}
}
