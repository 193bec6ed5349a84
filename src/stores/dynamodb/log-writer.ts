/**
 * The log of one writer: items that are numbered from 1 without a gap, and a head that says how many there are.
 */
import { randomBytes } from 'node:crypto'
import type { RevocationRecord } from '../revocation/revocation-store.ts'
import { type Attribute, isConditionFailed, type Table } from './dynamodb-client.ts'

/** The partition with the heads of all writers. */
export const HEADS = 'revocations'

/** The partition with the log of a writer. */
export function logOf(writer: string): string {
  return `${HEADS}#${writer}`
}

/** The sort key of an item of a log: texts in the order of the numbers. */
export function toSortKey(number: number): string {
  return String(number).padStart(12, '0')
}

// an item of DynamoDB has at most 400 KB
const ITEM_BYTES = 262_144

interface Waiting {
  readonly records: readonly RevocationRecord[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class LogWriter {
  readonly #table: Table
  #writer = createName()
  /** How many items the log has. */
  #head = 0
  /** When the last of the items may be deleted. */
  #expiresAt = 0
  /** Calls that wait for the write in progress: they are then written together. */
  #waiting: Waiting[] = []
  #isWriting = false
  #hasLost = false
  #mustRotate = false

  constructor(table: Table) {
    this.#table = table
  }

  /** Adds records to the log. */
  append(records: readonly RevocationRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject })
      if (!this.#isWriting) void this.#writeAll()
    })
  }

  /** Whether the table turned out to have lost a part of the log since the last call. */
  takeLoss(): boolean {
    const hasLost = this.#hasLost
    this.#hasLost = false
    return hasLost
  }

  /** Begins another log, because nobody knows how the last one ends. */
  rotate(): void {
    // not in the middle of a write
    this.#mustRotate = true
  }

  #rotateIfDue(): void {
    if (!this.#mustRotate) return
    this.#mustRotate = false
    this.#writer = createName()
    this.#head = 0
    this.#expiresAt = 0
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const calls = this.#waiting
      this.#waiting = []
      const records = calls.flatMap((call) => call.records)
      try {
        await this.#writeOnce(records)
        for (const call of calls) call.resolve()
      } catch (error) {
        // the item may have been written all the same
        this.rotate()
        for (const call of calls) call.reject(error)
      }
    }
    this.#isWriting = false
  }

  async #writeOnce(records: readonly RevocationRecord[]): Promise<void> {
    try {
      await this.#write(records)
    } catch (error) {
      if (!isConditionFailed(error)) throw error
      // the table was restored from a backup, or its items have expired: the head is not as this writer left it
      this.#hasLost = true
      this.rotate()
      await this.#write(records)
    }
  }

  async #write(records: readonly RevocationRecord[]): Promise<void> {
    this.#rotateIfDue()
    const before = this.#head
    for (const item of toItems(records)) await this.#putItem(item)
    await this.#putHead(before)
  }

  async #putItem(records: readonly RevocationRecord[]): Promise<void> {
    const previous = this.#expiresAt
    // never less than that of the items before it: see LogReader
    this.#expiresAt = Math.max(previous, ...records.map(({ expiresAt }) => expiresAt))
    this.#head++
    await this.#put({
      pk: { S: logOf(this.#writer) },
      sk: { S: toSortKey(this.#head) },
      records: { S: JSON.stringify(records.map(({ text }) => text)) },
      previousExpiresAt: { N: String(previous) },
      expiresAt: { N: String(this.#expiresAt) },
    })
  }

  async #putHead(before: number): Promise<void> {
    await this.#put(
      {
        pk: { S: HEADS },
        sk: { S: this.#writer },
        head: { N: String(this.#head) },
        expiresAt: { N: String(this.#expiresAt) },
      },
      before === 0 ? 'attribute_not_exists(pk)' : 'head = :before',
      before === 0 ? undefined : { ':before': { N: String(before) } },
    )
  }

  async #put(
    item: Record<string, Attribute>,
    condition?: string,
    values?: Record<string, Attribute>,
  ): Promise<void> {
    await this.#table.client.putItem({
      TableName: this.#table.name,
      Item: item,
      ...(condition !== undefined && { ConditionExpression: condition }),
      ...(values !== undefined && { ExpressionAttributeValues: values }),
    })
  }
}

function createName(): string {
  return randomBytes(12).toString('base64url')
}

/** Packs records into as few items as possible. */
function toItems(records: readonly RevocationRecord[]): RevocationRecord[][] {
  const items: RevocationRecord[][] = [[]]
  let bytes = 0
  for (const record of records) {
    // as in a JSON text, where a quote or a backslash takes two bytes
    const size = 2 * Buffer.byteLength(record.text)
    if (bytes + size > ITEM_BYTES && bytes > 0) {
      items.push([])
      bytes = 0
    }
    items.at(-1)?.push(record)
    bytes += size
  }
  return items
}
