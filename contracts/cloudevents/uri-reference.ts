/**
 * Fits a text that is written as a URI or a relative reference is (RFC 3986), of at most 2,048 characters.
 *
 * What it names is not looked at: the specification only asks for the form.
 */
export const uriReferenceForm = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2}){1,2048}$/;
