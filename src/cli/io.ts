/**
 * What the command gets from its process. Tests pass their own.
 */

/** A stream of text to the user. */
export interface Output {
  write(text: string): unknown
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined
}

/** All side effects of the command. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean | undefined }
  /** Results. */
  readonly stdout: Output
  /** Progress, warnings and mistakes. */
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory, from which paths are resolved. */
  readonly cwd: string
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /** Downloads key sets to print them, and test tokens. */
  readonly fetch: typeof globalThis.fetch
  /** Replaces the HTTP client of verifiers. @defaultValue that of the library, which also checks the addresses of hosts */
  readonly verifierFetch?: typeof globalThis.fetch | undefined
  /** Imports a module by its URL. */
  readonly load: (url: string) => Promise<unknown>
  /** Resolves when the user stops the command, for one that runs until then. */
  readonly untilStopped: () => Promise<void>
}
