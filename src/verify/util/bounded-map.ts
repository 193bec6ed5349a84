/**
 * Least-recently-used maps. They only limit the size: lru-cache's `ttl` would be a second clock.
 */
import { LRUCache } from 'lru-cache'

/** A map with a maximum number of entries. */
export interface BoundedMap<Value>
  extends Pick<LRUCache<string, object>, 'clear' | 'delete' | 'size'> {
  get(key: string): Value | undefined
  /** Like `get`, but does not count as a use. */
  peek(key: string): Value | undefined
  set(key: string, value: Value): unknown
  values(): Iterable<Value>
}

/** @param onEvict - called with each entry that is evicted to make room */
export function createBoundedMap<Value extends object>(
  max: number,
  onEvict?: (value: Value, key: string) => void,
): BoundedMap<Value> {
  if (onEvict === undefined) return new LRUCache<string, Value>({ max })
  return new LRUCache<string, Value>({
    max,
    dispose: (value, key, reason) => {
      if (reason === 'evict') onEvict(value, key)
    },
  })
}
