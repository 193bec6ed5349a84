/**
 * Prints the explanation of each rejected request, in development.
 */
import { hasColor } from '../terminal/style.ts'
import {
  assertVerifier,
  type Refusal,
  type RefusalExplainer,
  readChoice,
  readOptions,
} from '../verify/explain-kit.ts'
import type { Verifier } from '../verify/index.ts'
import { explainRefusal } from './explain-refusal.ts'
import { formatExplanation } from './format.ts'

/** The options of `explainer`. */
export interface ExplainerOptions {
  /** Where the text goes. @defaultValue `process.stderr` */
  readonly stream?: { write(text: string): unknown; readonly isTTY?: boolean } | undefined
  /** The environment, which says whether this is production. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Whether the text has colours. @defaultValue by `FORCE_COLOR`, then `NO_COLOR`, then the stream, as in Node */
  readonly color?: boolean | undefined
}

/**
 * Creates what the option `explain` of `authErrorHandler` and `createAuthorizer` takes. In development, it prints the explanation of
 * every rejected request to the error stream. In production (`NODE_ENV=production`, or AWS Lambda, except SAM's local emulator), it
 * prints nothing, and says so once.
 *
 * Security: the text quotes unverified tokens, without their signatures. Nothing of it reaches a client.
 *
 * @example
 * ```ts
 * app.use(authErrorHandler({ explain: explainer(verifier) }))
 * ```
 * @param verifier - the verifier that rejects the tokens
 * @param options - for tests
 * @returns the value for the option `explain`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function explainer<Claims>(
  verifier: Verifier<Claims>,
  options: ExplainerOptions = {},
): RefusalExplainer {
  assertVerifier(verifier)
  const own = readOptions('explainer()', options, { stream: true, env: true, color: true })
  const { stream = process.stderr, env = process.env } = own
  const color = readChoice('color', own.color, [true, false] as const) ?? hasColor(stream, env)
  if (isProduction(env)) {
    stream.write('jwt-gate: explain is off in production\n')
    return async () => undefined
  }
  return async (refusal: Refusal) => {
    const explanation = await explainRefusal(verifier, refusal)
    stream.write(formatExplanation(explanation, { color }))
  }
}

type Env = NonNullable<ExplainerOptions['env']>

function isProduction(env: Env): boolean {
  if (env['NODE_ENV'] === 'production') return true
  if (env['AWS_SAM_LOCAL'] === 'true') return false
  return Boolean(env['AWS_LAMBDA_FUNCTION_NAME'] || env['AWS_EXECUTION_ENV'])
}
