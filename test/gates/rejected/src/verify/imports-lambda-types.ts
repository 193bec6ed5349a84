// rejected by lint/style/noRestrictedImports
import type { Context } from 'aws-lambda'

export type HasName = Pick<Context, 'functionName'>
