/** The only route of a WebSocket API that has an authorizer. */
export const CONNECT = '$connect'
