/**
 * The records that this process has written, until it has read them. A server that loses the end of its log may still have the
 * record that a process has read last, so that only the writer can know what is missing.
 */
import type { RevocationRecord } from './revocation-store.ts'

interface Written {
  readonly record: RevocationRecord
  /** The first read that must return the record. */
  dueIn: number
}

export class WrittenRecords {
  readonly #written = new Map<string, Written>()

  /** Called before records are written: a read may return them before the write has ended. */
  begin(records: readonly RevocationRecord[]): void {
    for (const record of records) {
      this.#written.set(record.text, { record, dueIn: Number.POSITIVE_INFINITY })
    }
  }

  /** Called when they are written. @param nextRead - the number of the next read that begins */
  end(records: readonly RevocationRecord[], nextRead: number): void {
    for (const { text } of records) {
      const written = this.#written.get(text)
      if (written) written.dueIn = nextRead
    }
  }

  /** Called when a record was read, or could not be written. */
  forget(text: string): void {
    this.#written.delete(text)
  }

  /** What a read should have returned, and did not. */
  findLost(read: number, seconds: number): RevocationRecord[] {
    const lost: RevocationRecord[] = []
    for (const { record, dueIn } of this.#written.values()) {
      if (record.expiresAt < seconds) this.#written.delete(record.text)
      else if (dueIn <= read) lost.push(record)
    }
    return lost
  }
}
