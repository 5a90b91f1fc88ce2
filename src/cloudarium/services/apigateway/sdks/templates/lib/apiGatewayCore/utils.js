/* What the other files of this SDK share. */
'use strict';

globalThis.apiGateway = globalThis.apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.utils = {
  /* Throw unless `params` has a value for each of `names`. */
  assertParametersDefined(params, names) {
    for (const name of names) {
      if (params[name] === undefined) throw name + ' must be defined';
    }
  },

  /* Return those of `params` that are named and have a value. */
  pick(params, names) {
    const given = names.filter((name) => params[name] !== undefined);
    return Object.fromEntries(given.map((name) => [name, params[name]]));
  },

  /* Encode all but RFC 3986's unreserved characters. */
  encode(text) {
    const code = (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase();
    return encodeURIComponent(text).replace(/[!'()*]/g, code);
  },

  /* Put `params` in place of the `{names}` in a path; a `{name+}` may have slashes. */
  expand(path, params) {
    const { encode } = apiGateway.core.utils;
    return path.replace(/\{([^}+]+)(\+?)\}/g, (_, name, greedy) => {
      const value = String(params[name]);
      return greedy ? value.split('/').map(encode).join('/') : encode(value);
    });
  },

  /* Return a query string in the order that signatures want. */
  query(params) {
    const { encode } = apiGateway.core.utils;
    return Object.entries(params)
      .flatMap(([name, value]) => [value].flat().map((one) => encode(name) + '=' + encode(one)))
      .sort()
      .join('&');
  },
};
