/**
 * No authorizer at all: what the process itself costs.
 */
export const handler = async () => undefined
