/**
 * No authorizer at all: the cost of the process itself.
 */
export const handler = async () => undefined
