// rejected by ladder
export { toRoutedRequest } from '../routes/routed-request.ts'
