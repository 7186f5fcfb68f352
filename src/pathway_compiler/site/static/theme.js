// Before anything is painted: the theme that the reader chose, and that scripts run here.
"use strict";
(function () {
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const theme = window.localStorage.getItem("pathway-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // No storage here: the theme follows the system.
  }
})();
