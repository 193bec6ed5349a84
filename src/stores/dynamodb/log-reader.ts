/**
 * Follows the logs of all writers.
 *
 * The cursor has, for each writer, the number up to which every item was read. Items that are there beyond a gap are applied too,
 * but read again until the gap is closed: in a global table, items of another region arrive late, and in any order. A gap may also be
 * what DynamoDB deleted because it had expired. Each item says when the items before it have expired at the latest, which
 * distinguishes the two.
 */
import type { RevocationProgress } from '../revocation/revocation-store.ts'
import { type Item, readNumberOf, readText, type Table } from './dynamodb-client.ts'
import { HEADS, logOf, toSortKey } from './log-writer.ts'

/** How far the log of a writer was read. */
interface Position {
  readonly number: number
  /** When the last item of the log may be deleted. */
  readonly expiresAt: number
}
type Cursor = ReadonlyMap<string, Position>
type OnRecords = (texts: readonly string[]) => void

// the logs that are read at the same time
const PARALLEL = 16

export async function readLogs(
  table: Table,
  cursor: unknown,
  onRecords: OnRecords,
  seconds: number,
): Promise<RevocationProgress> {
  const from = (cursor ?? new Map()) as Cursor
  const heads = await readHeads(table, onRecords)
  if (hasLost(from, heads, seconds)) return { cursor: undefined, isReset: true }
  const reached = new Map(heads)
  const behind = [...heads].filter(
    ([writer, { number }]) => (from.get(writer)?.number ?? 0) < number,
  )
  const readNext = async (): Promise<void> => {
    for (let next = behind.pop(); next !== undefined; next = behind.pop()) {
      const [writer, head] = next
      const number = from.get(writer)?.number ?? 0
      const range = { from: number + 1, to: head.number }
      reached.set(writer, {
        ...head,
        number: await readLog(table, writer, range, onRecords, seconds),
      })
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, readNext))
  return { cursor: reached, isReset: false }
}

async function readHeads(table: Table, onRecords: OnRecords): Promise<Map<string, Position>> {
  const heads = new Map<string, Position>()
  const condition = 'pk = :pk'
  for await (const items of query(table, condition, { ':pk': HEADS })) {
    // to show that the read goes on
    onRecords([])
    for (const item of items) {
      const position = {
        number: readNumberOf(item, 'head'),
        expiresAt: readNumberOf(item, 'expiresAt'),
      }
      heads.set(readText(item, 'sk'), position)
    }
  }
  return heads
}

/** Whether the table has less than what was read before: it was restored from a backup, or emptied. */
function hasLost(cursor: Cursor, heads: Cursor, seconds: number): boolean {
  for (const [writer, { number, expiresAt }] of cursor) {
    const head = heads.get(writer)
    if (head === undefined ? expiresAt >= seconds : head.number < number) return true
  }
  return false
}

/** Reads a part of a log. Returns the number up to which nothing is missing. */
async function readLog(
  table: Table,
  writer: string,
  range: { readonly from: number; readonly to: number },
  onRecords: OnRecords,
  seconds: number,
): Promise<number> {
  let reached = range.from - 1
  let hasGap = false
  const condition = 'pk = :pk AND sk BETWEEN :from AND :to'
  const values = { ':from': toSortKey(range.from), ':to': toSortKey(range.to) }
  for await (const items of query(table, condition, { ':pk': logOf(writer), ...values })) {
    for (const item of items) {
      onRecords(toTexts(readText(item, 'records')))
      const number = Number(readText(item, 'sk'))
      const isNext = number === reached + 1 || readNumberOf(item, 'previousExpiresAt') < seconds
      hasGap ||= !isNext
      if (!hasGap) reached = number
    }
  }
  return reached
}

async function* query(
  { client, name }: Table,
  condition: string,
  texts: Readonly<Record<string, string>>,
): AsyncGenerator<Item[]> {
  const values = Object.fromEntries(Object.entries(texts).map(([key, S]) => [key, { S }]))
  let startKey: unknown
  do {
    const page = Object(
      await client.query({
        TableName: name,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        // an eventually consistent read may be older than one before it
        ConsistentRead: true,
        ...(startKey !== undefined && { ExclusiveStartKey: startKey as Record<string, never> }),
      }),
    )
    yield (page.Items ?? []) as Item[]
    startKey = page.LastEvaluatedKey
  } while (startKey !== undefined)
}

/** @throws an error for anything else than a list of texts */
function toTexts(text: string): string[] {
  const texts: unknown = JSON.parse(text)
  if (Array.isArray(texts) && texts.every((one) => typeof one === 'string')) return texts
  throw new Error('The table has an item with records that cannot be read')
}
