// rejected by ladder
export const load = (): Promise<unknown> => import('../keys/key-set.ts')
