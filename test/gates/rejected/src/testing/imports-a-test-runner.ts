// rejected by lint/style/noRestrictedImports
import { vi } from 'vitest'

export const mock = vi.fn
