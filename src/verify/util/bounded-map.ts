/**
 * Maps that drop the entry that was used least recently, and do nothing else: lru-cache's `ttl` would be a second clock.
 */
import { LRUCache } from 'lru-cache'

/** A map with so many entries at most. */
export interface BoundedMap<Value> extends Pick<LRUCache<string, object>, 'clear' | 'delete'> {
  get(key: string): Value | undefined
  /** The same, without counting as a use. */
  peek(key: string): Value | undefined
  set(key: string, value: Value): unknown
  values(): Iterable<Value>
}

/** @param onEvict - called with what had to make room */
export function createBoundedMap<Value extends object>(
  max: number,
  onEvict?: (value: Value) => void,
): BoundedMap<Value> {
  if (onEvict === undefined) return new LRUCache<string, Value>({ max })
  return new LRUCache<string, Value>({
    max,
    dispose: (value, _key, reason) => {
      if (reason === 'evict') onEvict(value)
    },
  })
}
