import type { Plugin } from 'esbuild'

export const LRU_CACHE: Readonly<Record<string, string>>
export function leaveOut(names?: ReadonlySet<string>): Plugin
export function replacementOf(file: string, names?: ReadonlySet<string>): string | undefined
