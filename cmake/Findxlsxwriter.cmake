# Imported target xlsxwriter::xlsxwriter: writes Excel workbooks.
include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(xlsxwriter xlsxwriter.h xlsxwriter libxlsxwriter-dev)
