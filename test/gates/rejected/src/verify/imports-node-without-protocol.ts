// rejected by lint/style/useNodejsImportProtocol
import { verify } from 'crypto'

export const check = verify
