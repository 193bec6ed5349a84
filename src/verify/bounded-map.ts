/**
 * Maps that forget what was not used for longest, and do nothing else: lru-cache's `ttl` would be a second clock.
 */
import { LRUCache } from 'lru-cache'

/** A map with so many entries at the most. */
export interface BoundedMap<Value> extends Pick<LRUCache<string, object>, 'clear' | 'delete'> {
  get(key: string): Value | undefined
  set(key: string, value: Value): unknown
  values(): Iterable<Value>
}

export function createBoundedMap<Value extends object>(max: number): BoundedMap<Value> {
  return new LRUCache<string, Value>({ max })
}
