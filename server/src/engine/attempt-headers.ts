type Headers = Readonly<Record<string, string>>;

/**
 * Joins a customer's own headers with the contract's, which win in any spelling: names of headers have no
 * case, and a request that named one twice would not be sent.
 */
export function headersOf(own: Headers, ofContract: Headers): Headers {
  const given = Object.entries(own);
  if (given.length === 0) {
    return ofContract;
  }
  const taken = Object.keys(ofContract).map((name) => name.toLowerCase());
  const kept = given.filter(([name]) => !taken.includes(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...ofContract };
}
