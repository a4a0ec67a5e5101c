/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out the members of [Struct] and the variables of [State] as a C compiler would. */
#include "base/checksum.h"
#include "driver/steps/scope.h"
#include <errno.h>
#include <string.h>

static size_t round_up(size_t size, size_t align)
{
	return (size + align - 1) / align * align;
}

/* Returns the members with room for one more; the room is a power of 2. */
static struct cuio_driver_member *layout_grow(struct scope *scope,
					      const struct value_layout *layout)
{
	size_t n = layout->n_members;
	struct cuio_driver_member *grown;

	if (n & (n - 1))
		return layout->members;
	grown = scope_alloc(scope, (n ? 2 * n : 1) * sizeof(*grown));
	if (grown && n)
		memcpy(grown, layout->members, n * sizeof(*grown));
	return grown;
}

/* Appends a member to a layout of at most `max` bytes. */
static bool layout_add(struct scope *scope, struct value_layout *layout,
		       struct cuio_driver_member member, size_t align, size_t max)
{
	struct cuio_driver_member *grown;
	size_t offset = round_up(layout->size, align);

	if (offset + (size_t)member.width * member.count > max)
		return scope_fault(scope, "%s ends beyond byte %zu, the most there may be",
				   member.name, max);
	if (layout->n_members == PROGRAM_MEMBERS_MAX)
		return scope_fault(scope,
				   "%s is one of more than %u, the most there may be: "
				   "expected arrays, NAME[COUNT]",
				   member.name, PROGRAM_MEMBERS_MAX);
	grown = layout_grow(scope, layout);
	if (!grown)
		return false;
	member.offset = (uint16_t)offset;
	grown[layout->n_members++] = member;
	layout->members = grown;
	layout->size = offset + (size_t)member.width * member.count;
	return true;
}

/* Parses NAME, NAME[COUNT], NAME:TYPE or NAME[COUNT]:TYPE; with `typed` the type is mandatory. */
static bool parse_declaration(struct scope *scope, bool typed, struct type *type,
			      struct cuio_driver_member *ret)
{
	const struct token *token = &scope->lexer.token;
	struct node *count = NULL, *length = NULL;
	const char *name;

	if (token->kind != TOKEN_NAME)
		return scope_expected(scope, "a name");
	name = arena_strdup(&scope->program->arena, token->text);
	lexer_next(&scope->lexer);
	if (!name || !parse_index(scope, &count, &length))
		return false;
	if (count && (length || !node_is_number(count) || !count->number || count->number > 0xffff))
		return scope_fault(scope, "%s[]: bad number of elements, expected 1..65535", name);
	type_find("u64", type);
	if (typed || lexer_is(&scope->lexer, ":")) {
		if (!scope_expect(scope, ":"))
			return false;
		if (!type_find(token->text, type))
			return scope_expected(scope, "a type: " TYPE_NAMES);
		lexer_next(&scope->lexer);
	}
	*ret = (struct cuio_driver_member){
		.name = name,
		.width = type->width,
		.is_signed = type->is_signed,
		.count = (uint16_t)(count ? count->number : 1),
	};
	return true;
}

static bool structure_add(struct scope *scope, struct structure *structure, bool packed,
			  size_t aligns[2])
{
	struct cuio_driver_member member, compat;
	struct type type;

	if (!parse_declaration(scope, true, &type, &member) || !scope_expect_end(scope))
		return false;
	if (name_index_find(&structure->layout.index, "", member.name) >= 0)
		return scope_fault(scope, "second member %s", member.name);
	compat = member;
	compat.width = type.compat_width;
	if (packed) {
		type.compat_align = 1;
	} else {
		aligns[0] = aligns[0] > type.width ? aligns[0] : type.width;
		aligns[1] = aligns[1] > type.compat_align ? aligns[1] : type.compat_align;
	}
	return layout_add(scope, &structure->layout, member, packed ? 1 : type.width,
			  PROGRAM_ARGUMENT_MAX) &&
	       scope_index(scope, &structure->layout.index, member.name,
			   structure->layout.n_members - 1) &&
	       layout_add(scope, &structure->compat, compat, type.compat_align,
			  PROGRAM_ARGUMENT_MAX);
}

static int read_structure(struct program *program, struct section *section,
			  struct structure *structure)
{
	struct entry *entry = program_entry(program, section, "Packed");
	size_t aligns[2] = { 1, 1 };
	bool packed = false;
	struct type type;
	int r = 0;

	structure->name = section->name;
	if (!name_is_word(section->name) || type_find(section->name, &type))
		r = program_fault(
			program, section->line,
			"bad struct name \"%s\", expected letters, digits and '_', and no "
			"type",
			section->name);
	if (entry &&
	    value_bool(program->description->document, entry, program->report, &packed) < 0)
		r = -EINVAL;
	for (entry = NULL; (entry = section_next(section, "Member", entry));) {
		struct scope scope = scope_of(program, entry);

		if (report_is_full(program->report))
			return -EINVAL;
		if (!structure_add(&scope, structure, packed, aligns))
			r = -EINVAL;
	}
	if (!r && !structure->layout.n_members)
		r = program_fault(program, section->line,
				  "[Struct %s] without members, expected Member=NAME:TYPE",
				  section->name);
	structure->layout.size = round_up(structure->layout.size, aligns[0]);
	structure->compat.size = round_up(structure->compat.size, aligns[1]);
	return r | program_unused(program, section, "Member, Packed");
}

int program_read_structures(struct program *program)
{
	struct section *section = NULL;
	int r = 0;

	program->structures =
		arena_alloc(&program->arena, program->description->document->n_sections *
						     sizeof(*program->structures));
	if (!program->structures)
		return -ENOMEM;
	while ((section = program_next(program, "Struct", section))) {
		size_t i = program->n_structures++;

		r |= read_structure(program, section, &program->structures[i]);
		if (name_index_add(&program->structure_index, "", section->name, i) < 0)
			return -ENOMEM;
	}
	return r;
}

/* Parses "running done:u8, ring[64]:u8": declarations separated by blanks or commas. */
static int read_variables(struct program *program, struct section *section, const char *key,
			  struct value_layout *layout, size_t max)
{
	struct entry *entry = NULL;
	int r = 0;

	while ((entry = section_next(section, key, entry))) {
		struct scope scope = scope_of(program, entry);

		if (report_is_full(program->report))
			return -EINVAL;
		do {
			struct cuio_driver_member member;
			struct type type;

			if (!parse_declaration(&scope, false, &type, &member))
				break;
			if (name_index_find(&layout->index, "", member.name) >= 0)
				scope_fault(&scope, "second variable %s", member.name);
			else if (!strcmp(member.name, "flags") || !strcmp(member.name, "index"))
				scope_fault(&scope, "variable %s: that name means something else",
					    member.name);
			else if (layout_add(&scope, layout, member, type.width, max))
				scope_index(&scope, &layout->index, member.name,
					    layout->n_members - 1);
			lexer_take(&scope.lexer, ",");
		} while (!scope.failed && scope.lexer.token.kind != TOKEN_END);
		if (scope.failed)
			r = -EINVAL;
	}
	return r;
}

/* A successor must not use state of another layout. */
static void state_fingerprint(struct program *program)
{
	uint64_t sum = 1;

	for (int i = 0; i < 2; i++) {
		const struct value_layout *layout = i ? &program->file : &program->device;

		for (size_t j = 0; j < layout->n_members; j++) {
			const struct cuio_driver_member *member = &layout->members[j];
			uint32_t place[3] = { member->offset, member->width, member->count };

			sum = checksum(checksum_text(sum, member->name), place, sizeof(place));
		}
	}
	for (size_t i = 0; i < program->description->regmap.n_regs; i++) {
		const struct reg *reg = &program->description->regmap.regs[i];

		if (reg->shadow)
			sum = checksum_text(sum, reg->name);
	}
	program->state_fingerprint = sum ? sum : 1;
}

/* Places the device's state: header, one number per element of a shadowed register, variables. */
static int place_shadows(struct program *program)
{
	const struct regmap *map = &program->description->regmap;
	size_t size = sizeof(struct state_header);
	int r = 0;

	program->shadows =
		arena_alloc(&program->arena, (map->n_regs + 1) * sizeof(*program->shadows));
	if (!program->shadows)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_regs; i++) {
		const struct reg *reg = &map->regs[i];
		size_t elements = reg->stride ? reg->count : 1;

		if (!reg->shadow)
			continue;
		if (size + elements * sizeof(uint64_t) > CUIO_DEVICE_STATE_MAX) {
			r = program_fault(program, reg->line,
					  "no room to remember %zu elements of register %s",
					  elements, reg->name);
			continue;
		}
		program->shadows[i] = (uint16_t)size;
		size += elements * sizeof(uint64_t);
	}
	program->device_size = size;
	return r;
}

int program_read_state(struct program *program)
{
	struct section *section = program_section(program, "State", NULL);
	int r = place_shadows(program);

	program->device.size = program->device_size;
	if (section) {
		if (read_variables(program, section, "Device", &program->device,
				   CUIO_DEVICE_STATE_MAX) < 0 ||
		    read_variables(program, section, "Open", &program->file, CUIO_FILE_STATE_MAX) <
			    0)
			r = -EINVAL;
		r |= program_unused(program, section, "Device, Open");
	}
	program->device_size = program->device.size;
	state_fingerprint(program);
	return r;
}
