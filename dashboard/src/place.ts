/** Where the dashboard is: below whatever path a proxy has put the server. */

/** Of its screens, without a slash at the end: `/dashboard`, or `/hooks/dashboard`. */
export const basePath = new URL(document.baseURI).pathname.replace(/\/+$/, "");

/** Of the server. */
export const serverUrl = new URL("..", document.baseURI).href.replace(/\/+$/, "");
