/** Where `meta` has the key of the ids, which is made with the database and never changes. */
export const ID_KEY = "id_key";

export const ID_KEY_BYTES = 16;
