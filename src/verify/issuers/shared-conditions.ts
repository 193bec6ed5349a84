/**
 * Issuers with equal conditions share the objects that describe them, because thousands of tenants often differ by their names
 * alone.
 */
import type { Conditions } from './trusted-issuer.ts'

/** Tenants rarely have more kinds of conditions. With more of them, some have objects of their own. */
const MAX_OBJECTS = 100

export class SharedConditions {
  readonly #known = new Map<string, object>()

  /** The same conditions, with the first objects that were equal to these. */
  of({ header, claims, groupsClaim, schema }: Conditions): Conditions {
    return {
      header: this.#share(header),
      claims: this.#share(claims),
      groupsClaim: groupsClaim && this.#share(groupsClaim),
      schema,
    }
  }

  #share<Value extends object>(given: Value): Value {
    const text = toText(given)
    const known = this.#known.get(text)
    if (known) return known as Value
    if (this.#known.size >= MAX_OBJECTS) this.#known.clear()
    this.#known.set(text, given)
    return given
  }
}

/** Whether two conditions are equal. Schemas are compared by identity. */
export function areEqual(some: Conditions, others: Conditions): boolean {
  return some.schema === others.schema && toConditionsText(some) === toConditionsText(others)
}

function toConditionsText({ header, claims, groupsClaim }: Conditions): string {
  return toText([header, claims, groupsClaim])
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_name, member) =>
    member instanceof Set ? [...member].sort() : member,
  )
}
