// rejected by lint/style/noRestrictedImports
import type { Request } from 'express'

export type HasUrl = Pick<Request, 'url'>
