/* Makes requests of what the API's methods are called with. */
'use strict';

globalThis.apiGateway = globalThis.apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.apiGatewayClientFactory = {
  newClient(config) {
    const { utils } = apiGateway.core;
    const http = apiGateway.core.simpleHttpClientFactory.newClient();
    const signer = apiGateway.core.sigV4ClientFactory.newClient(config);
    const isSigned = Boolean(config.accessKey && config.secretKey);

    /* Text and bytes are sent as they are, all else as JSON. */
    function serialized(verb, body) {
      if (verb === 'GET' || verb === 'HEAD' || body === undefined || body === null) return undefined;
      if (typeof body === 'string') return body || undefined;
      if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body;
      return Object.keys(body).length ? JSON.stringify(body) : undefined;
    }

    function headersOf(request, data) {
      const given = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
      const headers = { ...request.headers };
      if (config.apiKey) headers['x-api-key'] = config.apiKey;
      if (!given.has('accept')) headers.Accept = config.defaultAcceptType;
      if (data !== undefined && !given.has('content-type')) {
        headers['Content-Type'] = config.defaultContentType;
      }
      return headers;
    }

    /* Call a `{verb, path, headers, queryParams, body}`, signed if the client has credentials. */
    async function makeRequest(request) {
      const data = serialized(request.verb, request.body);
      const query = utils.query(request.queryParams);
      const unsigned = {
        method: request.verb,
        url: config.endpoint + request.path + (query && '?' + query),
        headers: headersOf(request, data),
        data,
      };
      return http.send(isSigned ? await signer.sign(unsigned) : unsigned);
    }

    return { makeRequest };
  },
};
