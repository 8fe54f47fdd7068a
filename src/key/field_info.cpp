#include <neve/key/field_info.hpp>

namespace neve {

void to_json(Json& json, const FieldInfo& info) {
  json = {{"name", info.name}, {"type", info.type}, {"required", info.required}};
  if (!info.required) json["default"] = info.default_value;
  if (!info.unit.empty()) json["unit"] = info.unit;
  if (!info.doc.empty()) json["doc"] = info.doc;
  if (!info.constraints.empty()) json["constraints"] = info.constraints;
  if (!info.choices.empty()) json["choices"] = info.choices;
  if (!info.fields.empty()) json["fields"] = info.fields;
}

}  // namespace neve
