/**
 * Reads text from a file or from standard input, up to a limit.
 */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { escapeText } from '../../terminal/escape.ts'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'

/** Far more than a token or a key set needs. */
const MAX_BYTES = 1_048_576

/** @param file - a path, or `-` for standard input. @throws {@link UsageError} if it cannot be read, or is too long */
export async function readTextFile(file: string, io: Io): Promise<string> {
  if (file === '-') return readAll(io.stdin, 'Standard input')
  const name = escapeText(file)
  try {
    return await readAll(createReadStream(resolve(io.cwd, file)), name)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code } = error as { code?: unknown }
    if (code === 'ENOENT') throw new UsageError(`There is no file ${name}`, { cause: error })
    throw new UsageError(`${name} cannot be read (${escapeText(String(code))})`, { cause: error })
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    bytes += part.length
    if (bytes > MAX_BYTES) throw new UsageError(`${name} is longer than ${MAX_BYTES} bytes`)
    chunks.push(part)
  }
  return decode(Buffer.concat(chunks))
}

/** Windows PowerShell writes UTF-16 with a byte order mark. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
