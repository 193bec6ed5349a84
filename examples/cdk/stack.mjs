/**
 * The standalone authorizer in front of a REST API, an HTTP API with policies, an HTTP API with simple responses, and a
 * WebSocket API.
 */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import {
  EndpointType,
  IdentitySource,
  LambdaIntegration,
  RequestAuthorizer,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  WebSocketLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import {
  HttpLambdaIntegration,
  WebSocketLambdaIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'

// the time for which API Gateway caches a result of the authorizer
const RESULTS_CACHE_TTL = Duration.minutes(5)
const API_CODE = `exports.handler = async ({ requestContext: { authorizer } }) => {
  const { jwt } = authorizer.lambda ?? authorizer
  return { statusCode: 200, body: jwt }
}`

export class ApiStack extends Stack {
  /**
   * @param settings.zip - the path of lambda-authorizer.zip
   * @param settings.environment - the authorizer's variables, such as JWT_GATE_USER_POOL_ID
   * @param settings.allowedOrigin - the origin of the web application that calls the APIs
   */
  constructor(scope, id, { zip, environment, allowedOrigin, ...props }) {
    super(scope, id, props)
    const code = Code.fromAsset(zip)
    const authorizerWith = (name, variables = {}) =>
      createFunction(this, name, { code, environment: { ...environment, ...variables } })
    // the protected function: it returns the claims that the authorizer passed on
    const api = createFunction(this, 'Api', { code: Code.fromInline(API_CODE) })
    const authorizer = authorizerWith('Authorizer')
    addRestApi(this, { authorizer, api, allowedOrigin })
    addHttpApi(this, 'HttpApi', {
      api,
      allowedOrigin,
      authorizer: new HttpLambdaAuthorizer('HttpAuthorizer', authorizer, {
        // IAM policies, for which the CDK uses payload format 1.0
        responseTypes: [HttpLambdaResponseType.IAM],
        // the cache key: one policy covers all routes, so the route is not part of it
        identitySource: ['$request.header.Authorization'],
        resultsCacheTtl: RESULTS_CACHE_TTL,
      }),
    })
    const simple = authorizerWith('SimpleAuthorizer', { JWT_GATE_RESPONSE: 'simple' })
    addHttpApi(this, 'HttpApiWithSimpleResponses', {
      api,
      allowedOrigin,
      authorizer: new HttpLambdaAuthorizer('HttpSimpleAuthorizer', simple, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        // a simple response is valid only for one route, so the route must be part of the cache key
        identitySource: ['$request.header.Authorization', '$context.routeKey'],
        resultsCacheTtl: RESULTS_CACHE_TTL,
      }),
    })
    // a separate authorizer, because the other APIs must not accept tokens in the query
    const socket = authorizerWith('WebSocketAuthorizer', { JWT_GATE_TOKEN: '{"query":"token"}' })
    addWebSocketApi(this, { authorizer: socket, api })
  }
}

function createFunction(stack, id, props) {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(10),
    handler: 'index.handler',
    ...props,
  })
}

function addRestApi(stack, { authorizer, api, allowedOrigin }) {
  const rest = new RestApi(stack, 'RestApi', {
    endpointTypes: [EndpointType.REGIONAL],
    cloudWatchRole: false,
    // a preflight request has no token, so the CDK adds no authorizer to it
    defaultCorsPreflightOptions: {
      allowOrigins: [allowedOrigin],
      allowHeaders: ['Authorization', 'Content-Type'],
    },
  })
  rest.root.addResource('profile').addMethod('GET', new LambdaIntegration(api), {
    authorizer: new RequestAuthorizer(stack, 'RestAuthorizer', {
      handler: authorizer,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: RESULTS_CACHE_TTL,
    }),
  })
  addGatewayResponses(rest, allowedOrigin)
  new CfnOutput(stack, 'RestUrl', { value: rest.urlForPath('/profile') })
}

/** Rejected requests never reach the function, so API Gateway must add the CORS headers. */
function addGatewayResponses(rest, allowedOrigin) {
  const cors = { 'Access-Control-Allow-Origin': `'${allowedOrigin}'` }
  rest.addGatewayResponse('Unauthorized', {
    type: ResponseType.UNAUTHORIZED,
    statusCode: '401',
    responseHeaders: {
      ...cors,
      'Access-Control-Expose-Headers': "'WWW-Authenticate'",
      'WWW-Authenticate': `'Bearer realm="api"'`,
    },
  })
  rest.addGatewayResponse('Default4xx', { type: ResponseType.DEFAULT_4XX, responseHeaders: cors })
  rest.addGatewayResponse('Default5xx', { type: ResponseType.DEFAULT_5XX, responseHeaders: cors })
}

function addHttpApi(stack, id, { authorizer, api, allowedOrigin }) {
  const http = new HttpApi(stack, id, {
    // the HTTP API answers preflight requests without the authorizer, and adds the CORS headers itself
    corsPreflight: {
      allowOrigins: [allowedOrigin],
      allowHeaders: ['authorization', 'content-type'],
      allowMethods: [CorsHttpMethod.GET],
    },
  })
  http.addRoutes({
    path: '/profile',
    methods: [HttpMethod.GET],
    integration: new HttpLambdaIntegration(`${id}Integration`, api),
    authorizer,
  })
  new CfnOutput(stack, `${id}Url`, { value: `${http.apiEndpoint}/profile` })
}

function addWebSocketApi(stack, { authorizer, api }) {
  const webSocketApi = new WebSocketApi(stack, 'WebSocketApi', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('ConnectIntegration', api),
      authorizer: new WebSocketLambdaAuthorizer('ConnectAuthorizer', authorizer, {
        // browsers cannot send this header; the result is valid for the connection and is not cached
        identitySource: ['route.request.querystring.token'],
      }),
    },
    defaultRouteOptions: { integration: new WebSocketLambdaIntegration('DefaultIntegration', api) },
  })
  const stage = new WebSocketStage(stack, 'WebSocketStage', {
    webSocketApi,
    stageName: 'prod',
    autoDeploy: true,
  })
  new CfnOutput(stack, 'WebSocketUrl', { value: stage.url })
}
