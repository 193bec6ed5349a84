// rejected by lint/style/noRestrictedImports
export const load = (): Promise<unknown> => import('../express/index.ts')
