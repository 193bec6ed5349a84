/**
 * Reads keys from a file: a JWK Set, or keys and certificates in PEM.
 */
import { escapeText } from '../../terminal/escape.ts'
import type { TrustedIssuer } from '../../verify/index.ts'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'
import { readTextFile } from './text-file.ts'

const PEM = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g

type Keys = NonNullable<TrustedIssuer['jwks']>

/** @throws {@link UsageError} if the file has no keys; the message contains nothing of it, because it may be a secret */
export async function readKeys(file: string, io: Io): Promise<Keys> {
  const text = await readTextFile(file, io)
  const pems = text.match(PEM)
  if (pems) return { keys: pems }
  const value = parse(text)
  if (Array.isArray((value as Keys | null | undefined)?.keys)) return value as Keys
  throw new UsageError(
    `${escapeText(file)} has no keys: it must be a JWK Set, {"keys": […]}, or contain keys in PEM`,
  )
}

/** The error of JSON.parse quotes the text, so it is dropped. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // not JSON
  }
  return undefined
}
