/*
 * A client of one stage of one API: `apigClientFactory.newClient(config)` has a function for each
 * method, called with `(params, body, additionalParams)`. README.md says how.
 */
'use strict';

if (typeof require === 'function') {
  require('./lib/apiGatewayCore/utils.js');
  require('./lib/apiGatewayCore/sigV4Client.js');
  require('./lib/apiGatewayCore/simpleHttpClient.js');
  require('./lib/apiGatewayCore/apiGatewayClient.js');
}

globalThis.apigClientFactory = {
  newClient(config = {}) {
    const { utils, apiGatewayClientFactory } = apiGateway.core;
    const client = apiGatewayClientFactory.newClient({
      region: '@REGION@',
      defaultContentType: 'application/json',
      defaultAcceptType: 'application/json',
      ...config,
      endpoint: '@URL@',
      serviceName: 'execute-api',
    });
    const methods = @METHODS@;

    function caller(method) {
      return (params, body, additionalParams) => {
        const given = params ?? {};
        utils.assertParametersDefined(given, method.required);
        return client.makeRequest({
          verb: method.verb,
          path: utils.expand(method.path, given),
          headers: { ...utils.pick(given, method.header), ...additionalParams?.headers },
          queryParams: { ...utils.pick(given, method.querystring), ...additionalParams?.queryParams },
          body,
        });
      };
    }

    const callers = Object.entries(methods).map(([name, method]) => [name, caller(method)]);
    return Object.fromEntries(callers);
  },
};

if (typeof module === 'object') module.exports = globalThis.apigClientFactory;
